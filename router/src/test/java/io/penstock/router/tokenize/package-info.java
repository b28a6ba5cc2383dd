@NullMarked
package io.penstock.router.tokenize;

import org.jspecify.annotations.NullMarked;
