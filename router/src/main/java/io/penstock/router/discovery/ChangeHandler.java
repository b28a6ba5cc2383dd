package io.penstock.router.discovery;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

/** Takes any change of watched objects for the same thing: look at them again. Threading: threads of informers. */
final class ChangeHandler<T> implements ResourceEventHandler<T> {

    private final Runnable changed;

    ChangeHandler(Runnable changed) {
        this.changed = changed;
    }

    @Override
    public void onAdd(T added) {
        changed.run();
    }

    @Override
    public void onUpdate(T before, T after) {
        changed.run();
    }

    @Override
    public void onDelete(T deleted, boolean stateUnknown) {
        changed.run();
    }
}
