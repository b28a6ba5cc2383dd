/** Tests of files that are watched. */
@NullMarked
package io.penstock.router.files;

import org.jspecify.annotations.NullMarked;
