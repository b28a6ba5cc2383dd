@NullMarked
package io.penstock.proxy.sse;

import org.jspecify.annotations.NullMarked;
