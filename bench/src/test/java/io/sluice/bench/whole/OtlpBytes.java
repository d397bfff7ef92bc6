package io.sluice.bench.whole;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * OTLP's own descriptors with every string as bytes: so protobuf-java reads text that is not UTF-8,
 * too, and all that it reads can be compared.
 */
final class OtlpBytes {

  /** AnyValues nest up to 64 levels of three messages each, and some tests go beyond. */
  private static final int MESSAGE_DEPTH = 1_000;

  private static final Map<String, FileDescriptor> FILES = new HashMap<>();
  private static final Set<String> TEXTS = new HashSet<>();
  private static final Descriptor TRACES = bytes(ExportTraceServiceRequest.getDescriptor());
  private static final Descriptor LOGS = bytes(ExportLogsServiceRequest.getDescriptor());
  private static final Descriptor METRICS = bytes(ExportMetricsServiceRequest.getDescriptor());
  private static final Descriptor PROFILES = bytes(ExportProfilesServiceRequest.getDescriptor());

  /** The type of a signal's Export*ServiceRequest. */
  static Descriptor request(Signal signal) {
    return switch (signal) {
      case TRACES -> TRACES;
      case LOGS -> LOGS;
      case METRICS -> METRICS;
      case PROFILES -> PROFILES;
    };
  }

  /** Whether OTLP has it as a string. */
  static boolean isText(FieldDescriptor field) {
    return TEXTS.contains(field.getFullName());
  }

  static DynamicMessage parse(Signal signal, byte[] request) {
    CodedInputStream in = CodedInputStream.newInstance(request);
    in.setRecursionLimit(MESSAGE_DEPTH);
    try {
      return DynamicMessage.parseFrom(request(signal), in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Descriptor bytes(Descriptor type) {
    return file(type.getFile()).findMessageTypeByName(type.getName());
  }

  private static FileDescriptor file(FileDescriptor original) {
    FileDescriptor known = FILES.get(original.getName());
    if (known != null) {
      return known;
    }
    FileDescriptor[] needs =
        original.getDependencies().stream().map(OtlpBytes::file).toArray(FileDescriptor[]::new);
    FileDescriptorProto.Builder proto = original.toProto().toBuilder();
    proto
        .getMessageTypeBuilderList()
        .forEach(type -> stringsToBytes(proto.getPackage() + "." + type.getName(), type));
    try {
      FileDescriptor file = FileDescriptor.buildFrom(proto.build(), needs);
      FILES.put(original.getName(), file);
      return file;
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void stringsToBytes(String name, DescriptorProto.Builder type) {
    for (FieldDescriptorProto.Builder field : type.getFieldBuilderList()) {
      if (field.getType() == FieldDescriptorProto.Type.TYPE_STRING) {
        field.setType(FieldDescriptorProto.Type.TYPE_BYTES);
        TEXTS.add(name + "." + field.getName());
      }
    }
    type.getNestedTypeBuilderList()
        .forEach(nested -> stringsToBytes(name + "." + nested.getName(), nested));
  }

  private OtlpBytes() {}
}
