package espalier.format;

import espalier.report.PlainText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model file that holds whole other models: the names of their weights begin with their place, {@code "0."}, {@code "1."}, and
 * their documents are the detail {@code "members"} of its own.
 */
public final class ModelBundle {
    private static final String MEMBERS = "members";
    private static final int MOST = 100;

    private ModelBundle() {}

    /**
     * Writes {@code members} into one file.
     *
     * @param document what the file says of all of them together
     * @return the document as it was written
     * @throws ModelFileException when a member cannot be read, or the file cannot be written
     */
    public static ModelDocument save(Path file, ModelDocument document, List<ModelFile> members) {
        if (members.isEmpty() || members.size() > MOST) {
            throw new IllegalArgumentException("a file can hold 1 to " + MOST + " models, received " + members.size()
                    + ". Maybe fewer are as good.");
        }
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        var documents = new ArrayList<String>();
        for (int i = 0; i < members.size(); i++) {
            String prefix = i + ".";
            members.get(i).tensors().forEach((name, tensor) -> tensors.put(prefix + name, tensor));
            documents.add(members.get(i).document().toJson());
        }
        Map<String, Object> details = new LinkedHashMap<>(document.details());
        details.put(MEMBERS, documents);
        return ModelFile.save(file, document.details(details), tensors);
    }

    /** The models in a file that {@link #save} wrote. @throws ModelFileException when it is none, or damaged */
    public static List<ModelFile> members(ModelFile file) {
        if (!(file.document().details().get(MEMBERS) instanceof List<?> documents)
                || documents.isEmpty()
                || documents.size() > MOST) {
            throw new ModelFileException(
                    "the model file is said to hold several models, but does not." + " Maybe it was edited by hand.");
        }
        var parts = new ArrayList<Map<String, RawTensor>>();
        documents.forEach(document -> parts.add(new LinkedHashMap<>()));
        file.tensors().forEach((name, tensor) -> {
            int dot = name.indexOf('.');
            String place = dot < 0 ? "" : name.substring(0, dot);
            if (!place.matches("\\d{1,3}") || Integer.parseInt(place) >= parts.size()) {
                throw new ModelFileException("the tensor " + PlainText.quoted(name) + " belongs to none of the "
                        + parts.size() + " models in the file. Maybe it was edited by hand.");
            }
            parts.get(Integer.parseInt(place)).put(name.substring(dot + 1), tensor);
        });
        var members = new ArrayList<ModelFile>();
        for (int i = 0; i < parts.size(); i++) {
            String name = "model " + i + " in the file";
            members.add(ModelFile.of(ModelDocumentJson.read(String.valueOf(documents.get(i)), name), parts.get(i)));
        }
        return members;
    }
}
