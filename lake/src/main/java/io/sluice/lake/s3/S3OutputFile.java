package io.sluice.lake.s3;

import java.util.concurrent.ExecutorService;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import software.amazon.awssdk.services.s3.S3Client;

/** An object to write, once. Whether it is there already is found out when it is closed. */
record S3OutputFile(S3Client client, S3Location at, S3Config config, ExecutorService threads)
    implements OutputFile {

  @Override
  public PositionOutputStream create() {
    return new S3OutputStream(new S3Upload(client, at, config, threads, true));
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return new S3OutputStream(new S3Upload(client, at, config, threads, false));
  }

  @Override
  public String location() {
    return at.toString();
  }

  @Override
  public InputFile toInputFile() {
    return new S3InputFile(client, at, location());
  }
}
