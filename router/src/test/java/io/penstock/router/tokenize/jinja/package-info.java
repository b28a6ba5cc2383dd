@NullMarked
package io.penstock.router.tokenize.jinja;

import org.jspecify.annotations.NullMarked;
