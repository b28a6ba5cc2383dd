package io.penstock.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Kubernetes API as its model classes have it: a field that a kind does not have, or of another type, is refused as an
 * API server with strict validation does. Threading: immutable.
 */
final class ApiModel {

    /** Kinds of operators, for which there are no classes here. */
    static final Set<String> WITHOUT_CLASSES = Set.of("ServiceMonitor", "PrometheusRule");

    private static final Map<String, Class<? extends HasMetadata>> KINDS = kinds(List.of(
            ConfigMap.class,
            Deployment.class,
            HorizontalPodAutoscaler.class,
            HTTPRoute.class,
            Ingress.class,
            NetworkPolicy.class,
            PodDisruptionBudget.class,
            Role.class,
            RoleBinding.class,
            Secret.class,
            Service.class,
            ServiceAccount.class,
            StatefulSet.class));

    private static final ObjectMapper STRICT = strict();

    private ApiModel() {}

    /** @throws JsonProcessingException if the API would refuse the manifest, with the place */
    static void read(JsonNode manifest) throws JsonProcessingException {
        String key =
                key(manifest.path("apiVersion").asText(), manifest.path("kind").asText());
        Class<? extends HasMetadata> type = KINDS.get(key);
        if (type == null) {
            throw new AssertionError("no model of " + key + "; there are " + KINDS.keySet());
        }
        HasMetadata unused = STRICT.treeToValue(manifest, type);
    }

    private static Map<String, Class<? extends HasMetadata>> kinds(List<Class<? extends HasMetadata>> types) {
        return types.stream()
                .collect(Collectors.toMap(
                        type -> key(HasMetadata.getApiVersion(type), HasMetadata.getKind(type)), Function.identity()));
    }

    private static String key(String apiVersion, String kind) {
        return apiVersion + " " + kind;
    }

    private static ObjectMapper strict() {
        ObjectMapper mapper = JsonMapper.builder()
                .annotationIntrospector(new NoLeftovers())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
        Stream.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)
                .forEach(
                        shape -> mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail));
        return mapper;
    }

    /** The model classes collect fields they do not know; here such a field is an error. */
    private static final class NoLeftovers extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
