@NullMarked
package io.penstock.router.policy;

import org.jspecify.annotations.NullMarked;
