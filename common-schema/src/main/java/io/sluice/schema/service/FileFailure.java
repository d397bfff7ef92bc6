package io.sluice.schema.service;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something with a file failed, in words: some exceptions only name the file. */
public final class FileFailure {

  public static String reason(IOException e) {
    if (!(e instanceof FileSystemException file)) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    }
    return file.getReason() == null ? kind(file) : file.getReason();
  }

  /** The same with the file, where the exception knows it. */
  public static String sentence(IOException e) {
    return e instanceof FileSystemException file && file.getFile() != null
        ? file.getFile() + ": " + reason(e)
        : reason(e);
  }

  private static String kind(FileSystemException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "it is a file";
    }
    return e instanceof NoSuchFileException ? "no such file or directory" : e.toString();
  }

  private FileFailure() {}
}
