/** What routing needs to know of a request body, found in one pass over its bytes. */
@NullMarked
package io.penstock.router.request;

import org.jspecify.annotations.NullMarked;
