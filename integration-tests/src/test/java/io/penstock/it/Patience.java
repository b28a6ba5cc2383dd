package io.penstock.it;

import io.penstock.proxy.testkit.Gate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has every {@code await()} wait as long as anything in a test is waited for. Registered for every test by the service file
 * beside it. Threading: the test's thread.
 */
public final class Patience implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Gate.LIMIT);
    }
}
