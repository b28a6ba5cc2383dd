package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is known of a namespace while its watch comes and goes. */
final class NamespaceEnginesTest {

    private static final FoundEngines ONE =
            FoundEngines.all(List.of(new EngineConfig("http://10.0.0.1:8000", null, false)));

    private final Scripted watch = new Scripted();
    private NamespaceEngines engines = new NamespaceEngines(watch);

    /** Does as it is told. */
    private static final class Scripted implements NamespaceWatch {

        private boolean watching;
        private @Nullable String version;
        private @Nullable RuntimeException refusal;
        private @Nullable String trouble = "refused";

        @Override
        public boolean isWatching() {
            return watching;
        }

        @Override
        public @Nullable String version() {
            return version;
        }

        @Override
        public FoundEngines read() {
            if (refusal != null) {
                throw refusal;
            }
            return ONE;
        }

        @Override
        public @Nullable String trouble() {
            return trouble;
        }
    }

    private void looks(int times) {
        for (int i = 0; i < times; i++) {
            engines.look();
        }
        engines.read();
    }

    @Test
    void nothingIsToldBeforeTheFirstListButATroubleThatLasts() {
        looks(NamespaceEngines.PATIENCE - 1);
        assertThat(engines.isAwaited()).isTrue();
        looks(1);
        assertThat(engines.isAwaited()).isFalse();
        assertThat(engines.problem()).isEqualTo("refused");
        watch.watching = true;
        looks(1);
        assertThat(engines.problem()).isNull();
        assertThat(engines.known()).isEqualTo(ONE);
    }

    @Test
    void whatWasKnownStaysWhileNothingBetterIs() {
        watch.watching = true;
        looks(1);
        watch.watching = false;
        looks(NamespaceEngines.PATIENCE);
        assertThat(engines.known()).isEqualTo(ONE);
        assertThat(engines.problem()).isEqualTo("refused");
        watch.watching = true;
        watch.refusal = new IllegalStateException("no ready pod has a port named http");
        looks(1);
        assertThat(engines.known()).isEqualTo(ONE);
        assertThat(engines.problem()).isEqualTo("no ready pod has a port named http");
        watch.refusal = new ClassCastException("odd");
        looks(1);
        assertThat(engines.problem()).startsWith("what the API server says cannot be read: ");
    }

    @Test
    void anotherWatchBeginsWithWhatIsKnownAndWithWhatIsWrong() {
        watch.watching = true;
        looks(1);
        watch.watching = false;
        looks(NamespaceEngines.PATIENCE);
        Scripted newer = new Scripted();
        newer.trouble = null;
        engines = engines.by(newer);
        assertThat(engines.known()).isEqualTo(ONE);
        assertThat(engines.problem()).isEqualTo("refused");
        looks(NamespaceEngines.PATIENCE);
        assertThat(engines.problem()).as("until it is told otherwise").isEqualTo("refused");
        newer.watching = true;
        looks(1);
        assertThat(engines.problem()).isNull();
        newer.watching = false;
        looks(NamespaceEngines.PATIENCE);
        assertThat(engines.problem()).isEqualTo("the API server does not answer");
    }

    @Test
    void watchesThatAreReplacedTooSoonAreNotWaitedForAgainEachTime() {
        for (int i = 0; i < NamespaceEngines.PATIENCE; i++) {
            looks(1);
            engines = engines.by(new Scripted());
        }
        engines.read();
        assertThat(engines.isAwaited()).isFalse();
    }

    @Test
    void aListIsToComeUnlessTheWatchHasToldWhyNot() {
        assertThat(engines.isToBeHeard()).isFalse();
        watch.trouble = null;
        assertThat(engines.isToBeHeard()).isTrue();
        watch.trouble = "gone";
        watch.version = "7";
        looks(1);
        assertThat(engines.isToBeHeard()).isTrue();
    }

    @Test
    void itIsCountedHowLongNothingWasHeard() {
        looks(3);
        assertThat(engines.isHeard()).isFalse();
        assertThat(engines.silent()).isEqualTo(3);
        watch.version = "7";
        looks(1);
        assertThat(engines.isHeard()).isTrue();
        assertThat(engines.silent()).isZero();
        looks(2);
        assertThat(engines.silent()).isEqualTo(2);
        watch.version = "8";
        looks(1);
        assertThat(engines.silent()).isZero();
    }
}
