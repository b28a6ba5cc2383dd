package io.penstock.router.reload;

/** Told of what becomes of new configurations. Threading: called on the threads of reloads and of the fleet; never blocks. */
public interface ReloadObserver {

    /** A configuration is in force; {@code hash} tells which. */
    void taken(String hash);

    /** A configuration was refused: the one before stays. */
    void refused();
}
