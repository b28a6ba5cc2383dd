@NullMarked
package io.penstock.proxy.front;

import org.jspecify.annotations.NullMarked;
