@NullMarked
package io.penstock.router.tokenize.template;

import org.jspecify.annotations.NullMarked;
