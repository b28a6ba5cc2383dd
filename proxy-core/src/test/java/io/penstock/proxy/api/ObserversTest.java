package io.penstock.proxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ObserversTest {

    private final List<String> told = new ArrayList<>();

    private ProxyObserver observer(String name) {
        return (ProxyObserver) Proxy.newProxyInstance(
                ProxyObserver.class.getClassLoader(), new Class<?>[] {ProxyObserver.class}, (self, method, given) -> {
                    told.add(name + " " + method.getName() + " " + Arrays.toString(given));
                    return method.getReturnType() == ExchangeTrace.class ? ExchangeTrace.NONE : null;
                });
    }

    @Test
    void bothAreToldOfEverythingInOrder() throws ReflectiveOperationException {
        Observers both = new Observers(observer("first"), observer("second"));
        for (Method method : ProxyObserver.class.getMethods()) {
            told.clear();
            Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(type -> type == long.class ? (Object) 7L : null)
                    .toArray();
            method.invoke(both, arguments);
            String call = method.getName() + " " + Arrays.toString(arguments);
            assertThat(told).containsExactly("first " + call, "second " + call);
        }
    }
}
