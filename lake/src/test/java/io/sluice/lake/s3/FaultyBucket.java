package io.sluice.lake.s3;

import io.sluice.s3server.FaultyStore;
import io.sluice.s3server.S3Server;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** Files of a real S3 server whose requests can go wrong, and the same files by a sound way. */
public final class FaultyBucket implements AutoCloseable {

  public static final String PREFIX = "s3://" + S3Server.BUCKET + "/warehouse/";

  /** Repeats without a pause worth the name. */
  static final S3Patience HASTY =
      new S3Patience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofSeconds(150),
          Duration.ofMillis(1),
          Duration.ofMillis(5));

  public final S3Server server;
  public final FaultyStore store;
  public final S3Files files;
  private final S3Files sound;
  private final S3Client client;

  public FaultyBucket(Path directory) throws Exception {
    server = S3Server.start(directory);
    store = FaultyStore.before(server.endpoint());
    files = open(HASTY);
    sound = new S3Files(config(server.endpoint()), HASTY);
    client = S3Clients.of(config(server.endpoint()), HASTY, new S3Counters());
  }

  /** Others on the same faulty way. */
  S3Files open(S3Patience patience) {
    return new S3Files(config(store.endpoint()), patience);
  }

  public static S3Config config(URI endpoint) {
    return S3Config.of(endpoint, S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
  }

  static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void create(S3Files into, String location, byte[] bytes) throws IOException {
    try (OutputStream out = into.newOutputFile(location).create()) {
      out.write(bytes);
    }
  }

  void create(String location, byte[] bytes) throws IOException {
    create(files, location, bytes);
  }

  byte[] read(String location) throws IOException {
    return read(files, location);
  }

  static byte[] read(S3Files from, String location) throws IOException {
    try (SeekableInputStream in = from.newInputFile(location).newStream()) {
      return in.readAllBytes();
    }
  }

  void createSoundly(String location, byte[] bytes) throws IOException {
    create(sound, location, bytes);
  }

  /** What is there; null = nothing. */
  byte @Nullable [] soundly(String location) throws IOException {
    try {
      return read(sound, location);
    } catch (NotFoundException e) {
      return null;
    }
  }

  /** Multipart uploads that are neither completed nor aborted. */
  int uploads() {
    return client.listMultipartUploads(r -> r.bucket(S3Server.BUCKET)).uploads().size();
  }

  void abortUploads() {
    client
        .listMultipartUploads(r -> r.bucket(S3Server.BUCKET))
        .uploads()
        .forEach(
            upload ->
                client.abortMultipartUpload(
                    r -> r.bucket(S3Server.BUCKET).key(upload.key()).uploadId(upload.uploadId())));
  }

  @Override
  public void close() throws IOException {
    client.close();
    sound.close();
    files.close();
    store.close();
    server.close();
  }
}
