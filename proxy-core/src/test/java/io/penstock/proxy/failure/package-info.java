/** Tests of what clients read when something fails. */
@NullMarked
package io.penstock.proxy.failure;

import org.jspecify.annotations.NullMarked;
