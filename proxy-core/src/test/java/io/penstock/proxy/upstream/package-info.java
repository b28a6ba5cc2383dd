@NullMarked
package io.penstock.proxy.upstream;

import org.jspecify.annotations.NullMarked;
