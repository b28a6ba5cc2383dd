/** The access log: one line of JSON for each request, written away from the event loops. */
@NullMarked
package io.penstock.router.accesslog;

import org.jspecify.annotations.NullMarked;
