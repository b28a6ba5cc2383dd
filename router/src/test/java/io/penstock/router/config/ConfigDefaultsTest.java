package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigDefaultsTest {

    @Test
    void everyDefaultIsPinned() {
        RouterConfig config = Yaml.load("""
                pools: [{name: chat, engines: [http://h:1]}]
                routes: [{to: [{pool: chat}]}]
                """);

        assertThat(EffectiveTree.of(config)).isEqualTo("""
                server:
                  host: 0.0.0.0
                  port: 8080
                  adminHost: 0.0.0.0
                  adminPort: 9090
                  loops: 0
                  maxBody: 64MiB
                  maxBufferedBodies: 0B
                  maxHeaders: 64KiB
                  maxRequestLine: 8KiB
                  maxHeaderFields: 128
                  maxConnections: 20000
                  maxConnectionsPerAddress: 0
                  maxRequestsPerConnection: 0
                  maxConnectionAge: 0s
                  headerTimeout: 10s
                  bodyTimeout: 1m
                  writeTimeout: 5m
                  idleTimeout: 75s
                  maxStreams: 128
                  settleTime: 5s
                  drainTimeout: 30s
                  zone: ~
                  accessLog:
                    mode: off
                    sample: 0.01
                  debugHeaders: false
                  tls: ~
                  proxyProtocol: false
                  trustedProxies: []
                  tokenization:
                    threads: 0
                    queue: 256
                    inlineBelow: 128B
                    hugeFrom: 64KiB
                connections:
                  idleTimeout: 3s
                  maxStreams: 128
                pools:
                  - name: chat
                    engines:
                      - url: http://h:1
                        protocol: ~
                        drain: false
                        labels: {}
                    discovery: ~
                    models: []
                    protocol: http1
                    key:
                      env: ~
                      file: ~
                    policy:
                      type: session
                      loadBound: 1.25
                      spillAbove: 8
                      fallback: least-requests
                      spillMemory: 100000
                      requestTokens: 64
                      sameZone: false
                    health:
                      path: /health
                      interval: 2s
                      timeout: 5s
                      failuresToDown: 2
                      successesToUp: 1
                      ejectAfter: 3
                      failureRatio: 0.5
                      minRequests: 20
                      window: 30s
                      ejectFor: 2s
                      maxEjectFor: 1m
                      maxRetryAfter: 10s
                      panicThreshold: 0.5
                    limits:
                      engineRequests: 0
                      poolRequests: 0
                      waiting: 0
                      maxWait: 10s
                    tls:
                      ca: ~
                      verify: true
                      serverName: ~
                    tokenizer: ~
                    prefill: ~
                    decode: ~
                    disaggregation: ~
                tokenizers: []
                access:
                  keys: []
                  jwt: []
                sharedLimits: ~
                tracing: ~
                routes:
                  - name: ~
                    match:
                      path: "*"
                      model: "*"
                      headers: {}
                    to:
                      - pool: chat
                        weight: 1
                    model: ~
                    session:
                      headers: [x-session-id]
                      body: [prompt_cache_key, user]
                    timeouts:
                      connect: 1s
                      firstToken: 10m
                      betweenTokens: 2m
                      total: 0s
                      heartbeat: 0s
                    retries:
                      attempts: 2
                      statuses: ["429", "502", "503", "504"]
                      firstEvent: true
                      budget: 0.2
                    streamInterval:
                      events: 1
                      maxDelay: 100ms
                      mode: batch
                      maxBytes: 64KiB
                      header:
                        maxEvents: 64
                        maxDelay: 500ms
                        merge: true
                    usage: asked
                    access:
                      open: false
                      keys: []
                      jwt: ~
                      trustClients: false
                      forwardAuthorization: false
                      requestsPerMinute: 0
                      tokensPerMinute: 0
                    tokens:
                      tokenizer: ~
                      count: false
                      maxModelLen: 0
                      rateLimits: false
                      endpoints: false
                      onOverload: skip
                    priority: normal
                    openAdminPaths: false
                """);
    }

    @Test
    void routesAreEmptyWhenLeftOut() {
        assertThat(Yaml.load(Yaml.SMALLEST).routes()).isEmpty();
    }

    @Test
    void routesWithoutANameAreNumberedFromOne() {
        RouterConfig config =
                Yaml.load(Yaml.SMALLEST + "routes: [{to: [{pool: chat}]}, {name: x, to: [{pool: chat}]}]");

        assertThat(config.routeName(0)).isEqualTo("route-1");
        assertThat(config.routeName(1)).isEqualTo("x");
    }
}
