/** The configuration file of a running router: noticed when it changes, taken or refused as a whole. */
@NullMarked
package io.penstock.router.reload;

import org.jspecify.annotations.NullMarked;
