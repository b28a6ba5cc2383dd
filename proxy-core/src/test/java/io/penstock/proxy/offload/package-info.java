@NullMarked
package io.penstock.proxy.offload;

import org.jspecify.annotations.NullMarked;
