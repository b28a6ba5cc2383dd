/** The chart, its examples, the dashboard and the rules, held to Helm, to the Kubernetes API and to the router. */
@NullMarked
package io.penstock.helm;

import org.jspecify.annotations.NullMarked;
