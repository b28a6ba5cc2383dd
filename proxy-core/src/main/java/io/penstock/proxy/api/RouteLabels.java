package io.penstock.proxy.api;

/**
 * The names a routed request is counted under. All three come from bounded sets. Threading: immutable.
 *
 * @param route the route's name
 * @param pool the pool's name
 * @param model the model's name, or one shared label for models that no pool serves
 */
public record RouteLabels(String route, String pool, String model) {

    /** Labels of a request that no route took. */
    public static final RouteLabels NONE = new RouteLabels("none", "none", "none");
}
