package io.penstock.router.access;

import java.io.IOException;

/** Something that is read again from time to time. Threading: read again on one thread only. */
interface Refreshed {

    /**
     * Reads it again if it is time to, and takes over what has changed.
     *
     * @throws IOException if that failed; what was known stays
     */
    void refresh() throws IOException;

    /** What it is, for the log; nothing secret. */
    @Override
    String toString();
}
