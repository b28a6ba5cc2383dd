/** Discovery as it speaks to others. */
@NullMarked
package io.penstock.router.discovery;

import org.jspecify.annotations.NullMarked;
