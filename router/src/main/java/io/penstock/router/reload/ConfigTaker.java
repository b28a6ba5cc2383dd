package io.penstock.router.reload;

import io.penstock.router.config.RouterConfig;
import java.io.IOException;

/** Puts a configuration in force. Threading: called on the thread that looks at files. */
@FunctionalInterface
public interface ConfigTaker {

    /**
     * Takes a configuration that has no problem in itself.
     *
     * @throws IOException if a file that it names cannot be used; everything is as before then
     */
    void take(RouterConfig next) throws IOException;
}
