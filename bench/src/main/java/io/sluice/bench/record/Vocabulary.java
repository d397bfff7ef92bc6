package io.sluice.bench.record;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import java.util.random.RandomGenerator;

/** The words of a shop of some twenty services, as its SDKs would send them. */
final class Vocabulary {

  static final List<String> SERVICES =
      List.of(
          "checkout",
          "cart",
          "payment",
          "shipping",
          "catalog",
          "search",
          "recommendation",
          "frontend",
          "accounting",
          "fraud-detection",
          "inventory",
          "pricing",
          "currency",
          "email",
          "session",
          "gateway",
          "image-provider",
          "ad",
          "quote",
          "review");
  static final List<String> ROUTES =
      List.of(
          "/api/v1/orders/{orderId}",
          "/api/v1/carts/{cartId}/items",
          "/api/v1/products/{productId}",
          "/api/v1/products",
          "/api/v2/checkout",
          "/api/v1/users/{userId}/profile",
          "/api/v1/search",
          "/api/v1/shipping/quote");
  static final List<String> METHODS = List.of("GET", "GET", "GET", "POST", "PUT", "DELETE");
  static final List<String> TABLES = List.of("orders", "order_lines", "carts", "products", "users");
  private static final List<String> REGIONS =
      List.of("eu-central-1", "eu-west-1", "us-east-1", "ap-southeast-2");
  private static final List<String> SCOPES =
      List.of(
          "io.opentelemetry.tomcat-10.0",
          "io.opentelemetry.jdbc",
          "io.opentelemetry.grpc-1.6",
          "io.opentelemetry.kafka-clients-2.6",
          "@opentelemetry/instrumentation-http");
  private static final List<String> LANGUAGES = List.of("java", "go", "nodejs", "python", "dotnet");

  private Vocabulary() {}

  static <T> T pick(List<T> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }

  static KeyValue text(String key, String value) {
    return of(key, AnyValue.newBuilder().setStringValue(value));
  }

  static KeyValue number(String key, long value) {
    return of(key, AnyValue.newBuilder().setIntValue(value));
  }

  static KeyValue real(String key, double value) {
    return of(key, AnyValue.newBuilder().setDoubleValue(value));
  }

  static KeyValue flag(String key, boolean value) {
    return of(key, AnyValue.newBuilder().setBoolValue(value));
  }

  static KeyValue texts(String key, String... values) {
    ArrayValue.Builder array = ArrayValue.newBuilder();
    for (String value : values) {
      array.addValues(AnyValue.newBuilder().setStringValue(value));
    }
    return of(key, AnyValue.newBuilder().setArrayValue(array));
  }

  private static KeyValue of(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  static InstrumentationScope scope(RandomGenerator random) {
    return InstrumentationScope.newBuilder()
        .setName(pick(SCOPES, random))
        .setVersion("2." + random.nextInt(20) + ".0")
        .build();
  }

  /** Eight to fifteen attributes, as detectors for a process, a container and a cloud give. */
  static Resource resource(Words words) {
    RandomGenerator random = words.random();
    String service = words.service();
    String region = words.one(REGIONS);
    String pod = service + "-%08x-%05x".formatted(random.nextInt(), random.nextInt(1 << 20));
    List<KeyValue> all =
        List.of(
            text("service.name", service),
            text("service.namespace", words.like("shop")),
            text("service.version", "1." + words.below(40) + "." + random.nextInt(10)),
            text("service.instance.id", pod),
            text("deployment.environment.name", "production"),
            text("telemetry.sdk.language", pick(LANGUAGES, random)),
            text("telemetry.sdk.name", "opentelemetry"),
            text("telemetry.sdk.version", "1.67.0"),
            text("host.name", "ip-10-0-" + random.nextInt(256) + "-" + random.nextInt(256)),
            number("process.pid", 1 + random.nextInt(32_000)),
            texts("process.command_args", "java", "-Xmx512m", "-jar", "/app/" + service + ".jar"),
            text("k8s.namespace.name", words.like("shop")),
            text("k8s.pod.name", pod),
            text("cloud.provider", "aws"),
            text("cloud.region", region));
    return Resource.newBuilder().addAllAttributes(all.subList(0, 8 + random.nextInt(8))).build();
  }
}
