package io.penstock.router.route;

import io.penstock.router.access.AccessControl;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.disaggregate.HandoverMeans;
import io.penstock.router.prompt.Tokenization;
import java.util.function.Function;

/**
 * What a {@link FleetRouter} works with besides the fleet. The functions are asked once for each configuration when it comes
 * into force, on the control plane but for the first. Threading: immutable.
 *
 * @param scans where large bodies are scanned
 * @param waits told of requests that wait for room
 * @param access who may use what by a configuration
 * @param tokens how prompts are counted by a configuration
 * @param handovers what prefilling on other engines needs
 */
public record RouterMeans(
        BodyScans scans,
        WaitObserver waits,
        Function<RouterConfig, AccessControl> access,
        Function<RouterConfig, Tokenization> tokens,
        HandoverMeans handovers) {}
