/**
 * Writing files so that a reader never sees half of one. Every file that Espalier writes goes through
 * {@code AtomicFiles}. Depends on nothing.
 */
@NullMarked
package espalier.files;

import org.jspecify.annotations.NullMarked;
