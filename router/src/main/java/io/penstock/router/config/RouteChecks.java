package io.penstock.router.config;

import io.penstock.router.config.RouteConfig.MatchConfig;
import io.penstock.router.config.RouteConfig.RetriesConfig;
import io.penstock.router.config.RouteConfig.SessionConfig;
import io.penstock.router.config.RouteConfig.TargetConfig;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The checks within routes and against the pools they name. Threading: confined to one load. */
final class RouteChecks {

    private static final Pattern FIELD = Pattern.compile("[^.\\s]+(\\.[^.\\s]+)*");

    private static final Pattern RETRIED_STATUS = Pattern.compile("429|5\\d\\d");

    private final RouterConfig config;
    private final Findings findings;
    private final List<String> pools;
    private final boolean poolsAreKnown;

    RouteChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
        this.pools = config.pools().stream().map(PoolConfig::name).toList();
        this.poolsAreKnown = findings.sound("pools") && poolNamesAreSound();
    }

    private boolean poolNamesAreSound() {
        for (int i = 0; i < pools.size(); i++) {
            if (!findings.sound("pools[" + i + "].name")) {
                return false;
            }
        }
        return true;
    }

    void run() {
        Names names = new Names(findings);
        for (int i = 0; i < config.routes().size(); i++) {
            RouteConfig route = config.routes().get(i);
            String at = "routes[" + i + "]";
            if (findings.sound(at)) {
                Names.checkLabel(config.routeName(i), at + ".name", findings);
                if (findings.sound(at + ".name")) {
                    names.claim(config.routeName(i), at + ".name");
                }
                match(route.match(), at + ".match");
                targets(route.to(), at + ".to");
                rename(route, at + ".model");
                session(route.session(), at + ".session");
                retries(route.retries(), at + ".retries");
            }
        }
    }

    private void match(MatchConfig match, String at) {
        Names.checkPath(match.path(), at + ".path", findings);
        Names headers = new Names(findings);
        match.headers().keySet().forEach(name -> {
            String path = Entries.child(at + ".headers", name);
            Names.checkHeader(name, path, findings);
            headers.claim(Names.folded(name), path);
        });
    }

    private void targets(List<TargetConfig> targets, String at) {
        Names chosen = new Names(findings);
        for (int i = 0; i < targets.size(); i++) {
            String path = at + "[" + i + "].pool";
            if (findings.sound(path)) {
                target(targets.get(i).pool(), path);
                chosen.claim(targets.get(i).pool(), path);
            }
        }
        boolean idle = targets.stream().allMatch(target -> target.weight() == 0);
        if (idle && !targets.isEmpty() && weightsAreSound(targets, at)) {
            findings.report(at, "every weight is 0; at least one pool needs a weight above 0");
        }
    }

    private void target(String pool, String path) {
        if (poolsAreKnown && !pools.contains(pool)) {
            String near = Suggestion.forWord(pool, pools);
            findings.report(
                    path,
                    "no pool is named " + ScalarReader.echo(pool) + "; there are: "
                            + pools.stream().distinct().collect(Collectors.joining(", ")) + near);
        }
    }

    private boolean weightsAreSound(List<TargetConfig> targets, String at) {
        for (int i = 0; i < targets.size(); i++) {
            if (!findings.sound(at + "[" + i + "].weight")) {
                return false;
            }
        }
        return findings.sound(at);
    }

    private void retries(RetriesConfig retries, String at) {
        Names statuses = new Names(findings);
        for (int i = 0; i < retries.statuses().size(); i++) {
            String status = retries.statuses().get(i);
            String path = at + ".statuses[" + i + "]";
            if (!RETRIED_STATUS.matcher(status).matches()) {
                findings.report(path, ScalarReader.echo(status) + " is neither 429 nor one of 500 to 599");
            } else {
                statuses.claim(status, path);
            }
        }
    }

    private void rename(RouteConfig route, String path) {
        if (route.model() != null) {
            Names.checkModel(route.model(), path, findings);
        }
    }

    private void session(SessionConfig session, String at) {
        Names headers = new Names(findings);
        for (int i = 0; i < session.headers().size(); i++) {
            String path = at + ".headers[" + i + "]";
            String name = session.headers().get(i);
            Names.checkHeader(name, path, findings);
            if (findings.sound(path)) {
                headers.claim(Names.folded(name).replace('_', '-'), path);
            }
        }
        Names fields = new Names(findings);
        for (int i = 0; i < session.body().size(); i++) {
            field(session.body().get(i), at + ".body[" + i + "]", fields);
        }
    }

    private void field(String field, String path, Names fields) {
        if (!findings.sound(path)) {
            return;
        }
        fields.claim(field, path);
        if (!FIELD.matcher(field).matches()) {
            findings.report(
                    path, ScalarReader.echo(field) + " is not a body field; write a name, or a.b for b within a");
        }
    }
}
