@NullMarked
package io.penstock.router.tracing;

import org.jspecify.annotations.NullMarked;
