@NullMarked
package io.penstock.proxy.exchange;

import org.jspecify.annotations.NullMarked;
