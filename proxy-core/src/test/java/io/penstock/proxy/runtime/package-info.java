@NullMarked
package io.penstock.proxy.runtime;

import org.jspecify.annotations.NullMarked;
