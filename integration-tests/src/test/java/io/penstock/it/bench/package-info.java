/** Tests of the parts of the benchmark that need no process and no socket. */
@NullMarked
package io.penstock.it.bench;

import org.jspecify.annotations.NullMarked;
