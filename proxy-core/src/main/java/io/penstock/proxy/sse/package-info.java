/** Event streams as they pass: where events end, what they are, and how long they are held before they go on. */
@NullMarked
package io.penstock.proxy.sse;

import org.jspecify.annotations.NullMarked;
