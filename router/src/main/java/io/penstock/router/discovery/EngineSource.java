package io.penstock.router.discovery;

/**
 * Where the engines of one pool are found. It says which there are, always all of them, and never what changed; what becomes of
 * that is decided by {@link Discovery}. Threading: started on the control plane, which it must not block; closed on any thread.
 */
public interface EngineSource extends AutoCloseable {

    /** Begins to look; called once. */
    void start(Listener listener);

    /** Looks no more; what it still tells is not heard. */
    @Override
    void close();

    /** Who is told. Threading: any thread; never blocks. */
    interface Listener {

        /** These are the engines. The same again says that this is still known to be so. */
        void found(FoundEngines found);

        /** It cannot be said which engines there are; in words for an operator. */
        void failed(String why);
    }
}
