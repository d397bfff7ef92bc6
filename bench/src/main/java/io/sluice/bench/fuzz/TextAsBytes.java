package io.sluice.bench.fuzz;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.schema.table.Signal;
import java.util.HashMap;
import java.util.Map;

/**
 * OTLP's own types with bytes in place of strings: what protobuf-java then takes is what the wire
 * format allows, whether its texts are UTF-8 or not.
 */
final class TextAsBytes {

  private final Map<String, FileDescriptor> files = new HashMap<>();

  /** The type of a signal's requests. */
  Descriptor request(Signal signal) {
    Descriptor strict = strict(signal);
    return file(strict.getFile()).findMessageTypeByName(strict.getName());
  }

  /** The same with strings. */
  static Descriptor strict(Signal signal) {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.getDescriptor();
      case LOGS -> ExportLogsServiceRequest.getDescriptor();
      case METRICS -> ExportMetricsServiceRequest.getDescriptor();
      case PROFILES -> ExportProfilesServiceRequest.getDescriptor();
    };
  }

  private FileDescriptor file(FileDescriptor strict) {
    FileDescriptor known = files.get(strict.getName());
    if (known != null) {
      return known;
    }
    FileDescriptorProto.Builder proto = strict.toProto().toBuilder();
    proto.getMessageTypeBuilderList().forEach(TextAsBytes::change);
    FileDescriptor[] needed =
        strict.getDependencies().stream().map(this::file).toArray(FileDescriptor[]::new);
    try {
      FileDescriptor changed = FileDescriptor.buildFrom(proto.build(), needed);
      files.put(strict.getName(), changed);
      return changed;
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("cannot change " + strict.getName(), e);
    }
  }

  private static void change(DescriptorProto.Builder message) {
    message.getNestedTypeBuilderList().forEach(TextAsBytes::change);
    for (FieldDescriptorProto.Builder field : message.getFieldBuilderList()) {
      if (field.getType() == FieldDescriptorProto.Type.TYPE_STRING) {
        field.setType(FieldDescriptorProto.Type.TYPE_BYTES);
      }
    }
  }
}
