package espalier.collect;

/**
 * One picture that a search found, with what its licence asks to be told. Unknown parts are empty.
 *
 * @param url the picture itself
 * @param thumbnail a small version of it
 * @param page the page that shows it
 * @param title its title
 * @param licence a short name such as {@code "by-sa 4.0"}; empty means any copyright may apply
 * @param licenceUrl the licence's text
 * @param creator who made it
 * @param source who found or holds it, such as {@code "openverse/flickr"}
 * @param announce an address of the provider that must be told when the picture is kept (Unsplash)
 */
public record ImageHit(
        String url,
        String thumbnail,
        String page,
        String title,
        String licence,
        String licenceUrl,
        String creator,
        String source,
        String announce) {

    /** A picture of which only the address is known. */
    public static ImageHit of(String url) {
        return new ImageHit(url, "", "", "", "", "", "", "", "");
    }

    /** This picture with another thumbnail. */
    public ImageHit thumbnail(String address) {
        return new ImageHit(url, address, page, title, licence, licenceUrl, creator, source, announce);
    }

    /** This picture with another page and title. */
    public ImageHit shownOn(String address, String name) {
        return new ImageHit(url, thumbnail, address, name, licence, licenceUrl, creator, source, announce);
    }

    /** This picture with another licence: its short name and the address of its text. */
    public ImageHit licence(String name, String text) {
        return new ImageHit(url, thumbnail, page, title, name, text, creator, source, announce);
    }

    /** This picture with another creator. */
    public ImageHit creator(String name) {
        return new ImageHit(url, thumbnail, page, title, licence, licenceUrl, name, source, announce);
    }

    /** This picture with another source. */
    public ImageHit source(String name) {
        return new ImageHit(url, thumbnail, page, title, licence, licenceUrl, creator, name, announce);
    }

    /** This picture with an address to call when it is kept. */
    public ImageHit announce(String address) {
        return new ImageHit(url, thumbnail, page, title, licence, licenceUrl, creator, source, address);
    }
}
