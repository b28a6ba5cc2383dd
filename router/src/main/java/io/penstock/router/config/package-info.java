/** YAML to one tree of validated records. Unknown keys fail; every problem is reported at once, with its line and column. */
@NullMarked
package io.penstock.router.config;

import org.jspecify.annotations.NullMarked;
