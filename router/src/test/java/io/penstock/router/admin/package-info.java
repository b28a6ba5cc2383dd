/** Tests of the admin port. */
@NullMarked
package io.penstock.router.admin;

import org.jspecify.annotations.NullMarked;
