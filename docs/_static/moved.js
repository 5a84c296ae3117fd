// A link to what once stood on a page goes on to where it stands now: the page that took its place
// links to it. Of `#ganprofile.Dataset.subset` the link to `#ganprofile.Dataset` is followed.
(() => {
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (!wanted || document.getElementById(wanted)) return;
  const links = [...document.querySelectorAll(".bd-article a[href*='.html#']")];
  for (let name = wanted; name; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    const link = links.find((one) => decodeURIComponent(one.hash) === `#${name}`);
    if (link) {
      link.hash = wanted;
      location.replace(link.href);
      return;
    }
  }
})();
