@NullMarked
package io.penstock.router.fleet;

import org.jspecify.annotations.NullMarked;
