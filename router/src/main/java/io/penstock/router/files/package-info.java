/** Files that may change while the router runs: read within bounds, watched by one rule, on a thread of their own. */
@NullMarked
package io.penstock.router.files;

import org.jspecify.annotations.NullMarked;
