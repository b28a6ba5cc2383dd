@NullMarked
package io.penstock.router.prompt;

import org.jspecify.annotations.NullMarked;
