/**
 * Writing files so that a reader never sees half of one. Every file that Espalier writes goes through
 * {@code AtomicFiles}; files of a data set are moved only through its {@code Journal}. Depends on nothing.
 */
@NullMarked
package espalier.files;

import org.jspecify.annotations.NullMarked;
