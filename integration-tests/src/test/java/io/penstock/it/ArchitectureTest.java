package io.penstock.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.penstock.proxy.runtime.LoopConfined;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of modules and packages, names and banned calls, checked on the compiled classes of both modules. */
final class ArchitectureTest {

    private static final String PROXY = "io.penstock.proxy";
    private static final String ROUTER = "io.penstock.router";

    /** Lowest first: each may use only those before it. The root package comes last. */
    private static final List<String> PROXY_ORDER =
            List.of("failure", "http", "runtime", "api", "upstream", "sse", "offload", "exchange", "front");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes") && !location.contains("-tests.jar"))
            .importPackages(PROXY, ROUTER);

    @Test
    void bothModulesAreSeenAndNoTestIs() {
        assertThat(MAIN.contain("io.penstock.proxy.failure.FailureKind")).isTrue();
        assertThat(MAIN.contain("io.penstock.router.config.RouterConfig")).isTrue();
        assertThat(MAIN.contain("io.penstock.proxy.testkit.FakeEngine")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"failure", "http", "runtime", "api", "upstream", "sse", "offload", "exchange", "front"})
    void aProxyPackageUsesOnlyThoseBeforeIt(String name) {
        List<String> forbidden = new ArrayList<>();
        for (String later : PROXY_ORDER.subList(PROXY_ORDER.indexOf(name) + 1, PROXY_ORDER.size())) {
            forbidden.add(PROXY + "." + later + "..");
        }
        forbidden.add(PROXY);
        noClasses()
                .that()
                .resideInAPackage(PROXY + "." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.toArray(String[]::new))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void everyProxyPackageHasItsPlaceInTheOrder() {
        assertThat(MAIN.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith(PROXY + "."))
                        .map(name -> name.substring(PROXY.length() + 1)))
                .isSubsetOf(PROXY_ORDER);
    }

    @Test
    void theProxyKnowsNothingOfTheProduct() {
        noClasses()
                .that()
                .resideInAPackage(PROXY + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROUTER + "..", "com.fasterxml..", "io.prometheus..", "picocli..", "com.github..")
                .check(MAIN);
    }

    @Test
    void theRouterUsesOnlyTheOpenPackagesOfTheProxy() {
        DescribedPredicate<JavaClass> closed = resideInAPackage(PROXY + "..")
                .and(DescribedPredicate.not(resideInAnyPackage(
                        PROXY,
                        PROXY + ".api..",
                        PROXY + ".failure..",
                        PROXY + ".http..",
                        PROXY + ".runtime..",
                        PROXY + ".offload..")));
        noClasses()
                .that()
                .resideInAPackage(ROUTER + "..")
                .should()
                .dependOnClassesThat(closed)
                .check(MAIN);
    }

    @Test
    void routerPackagesFormNoCycle() {
        slices().matching(ROUTER + ".(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void nothingInTheRouterDependsOnItsRoot() {
        noClasses()
                .that()
                .resideInAPackage(ROUTER + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROUTER)
                .check(MAIN);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Base")
                .orShould()
                .haveSimpleNameEndingWith("Data")
                .orShould()
                .haveSimpleNameEndingWith("Info")
                .orShould()
                .haveSimpleNameEndingWith("Wrapper")
                .orShould()
                .haveNameMatching(".*\\.I[A-Z][a-z]\\w*")
                .check(MAIN);
    }

    @Test
    void nothingSleepsOrWaitsForAFuture() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethodWhere(target("java.util.concurrent.TimeUnit", "sleep"))
                .orShould()
                .callMethodWhere(target(CompletableFuture.class.getName(), "join"))
                .orShould()
                .callMethodWhere(target(CompletableFuture.class.getName(), "get"))
                .orShould()
                .callMethodWhere(target(InetAddress.class.getName(), "getByName"))
                .orShould()
                .callMethodWhere(target(InetAddress.class.getName(), "getAllByName"))
                .check(MAIN);
    }

    @Test
    void onlyTheTickerReadsTheMonotonicClock() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.penstock.proxy.runtime.Ticker")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(MAIN);
    }

    @Test
    void onlyTheCommandLinePrints() {
        DescribedPredicate<JavaClass> commands = describe(
                "belong to the command line",
                type -> type.getPackageName().equals(ROUTER)
                        || type.getPackageName().equals(ROUTER + ".cli"));
        noClasses()
                .that(DescribedPredicate.not(commands))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(MAIN);
    }

    @Test
    void noStateIsStatic() {
        fields().that().areStatic().should().beFinal().check(MAIN);
        ArchRule noCounters = fields().that()
                .areStatic()
                .should()
                .notHaveRawType(AtomicInteger.class)
                .andShould()
                .notHaveRawType(AtomicLong.class)
                .andShould()
                .notHaveRawType(LongAdder.class)
                .andShould()
                .notHaveRawType("java.util.concurrent.ConcurrentHashMap");
        noCounters.check(MAIN);
    }

    @Test
    void loopConfinedClassesNeedNoLock() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(LoopConfined.class)
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .allowEmptyShould(true)
                .check(MAIN);
        fields().that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(LoopConfined.class)
                .should()
                .notHaveModifier(JavaModifier.VOLATILE)
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> unmarked = MAIN.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(found -> !found.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();
        assertThat(unmarked).isEmpty();
    }

    private static DescribedPredicate<JavaAccess<?>> target(String owner, String method) {
        return describe(
                "call " + owner + "." + method,
                access -> access.getTargetOwner().getName().equals(owner)
                        && access.getTarget().getName().equals(method));
    }
}
