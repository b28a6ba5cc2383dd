package io.penstock.router.prompt;

import java.io.IOException;
import java.io.InputStream;

/**
 * Makes the prompt of a chat request as its engine would. Takes time in proportion to the request. Threading: any thread.
 */
@FunctionalInterface
public interface ChatRenderer {

    /**
     * The prompt of a request with this body, to be tokenized without special tokens around it.
     *
     * @throws IOException if the body cannot be read, or the template cannot be rendered with it
     */
    String render(InputStream body) throws IOException;
}
