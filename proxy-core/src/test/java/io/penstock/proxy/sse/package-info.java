/** Tests of event streams as they pass. */
@NullMarked
package io.penstock.proxy.sse;

import org.jspecify.annotations.NullMarked;
