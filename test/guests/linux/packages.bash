# Debian packages of any architecture, through an apt configuration of our own: the system's package lists,
# architectures and caches stay as they are. To be sourced.

debian_architecture() {
  case $1 in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    s390x) echo s390x ;;
  esac
}

# Sets up apt for machine architecture $1 in directory $2 and fetches the package lists.
apt_configure() {
  local directory=$PWD/$2
  mkdir -p "$directory"/{lists/partial,cache/archives/partial}
  : >"$directory/status"
  cat >"$directory/apt.conf" <<END
APT::Architecture "$(debian_architecture "$1")";
#clear APT::Architectures;
APT::Architectures:: "$(debian_architecture "$1")";
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::State::status "$directory/status";
Dir::State::Lists "$directory/lists";
Dir::Cache "$directory/cache";
Dir::Etc::sourcelist "$directory/debian.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
#clear APT::Update;
#clear DPkg::Post-Invoke;
END
  apt_sources >"$directory/debian.sources"
  if [[ ! -s $directory/debian.sources ]]; then
    echo "this guest is made of Debian's packages, and the system's apt sources name no Debian archive" >&2
    return 1
  fi
  apt_options=(-c "$directory/apt.conf")
  # A repository that cannot be reached matters only when a package is missing, which the next step tells.
  apt-get "${apt_options[@]}" update || true
}

# Prints the system's Debian archives in the deb822 format, for every architecture. The security archive is
# left out, as mirrors do not always have its indexes of a foreign architecture.
apt_sources() {
  local files=(/etc/apt/sources.list /etc/apt/sources.list.d/*)
  apt_sources_deb822 "${files[@]}" | awk '
    BEGIN { RS = ""; FS = "\n" }
    {
      stanza = debian = ""
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^#/ || $i ~ /^Architectures:/) continue
        if ($i ~ /^Enabled: *no/) next
        if ($i ~ /^Types:/) $i = "Types: deb"
        if ($i ~ /^URIs:.*\/debian\/?$/) debian = "yes"
        if ($i ~ /^Suites:.*-security/) next
        stanza = stanza $i "\n"
      }
      if (debian) print stanza
    }'
}

# Prints sources of either format (sources.list(5)) as deb822 stanzas.
apt_sources_deb822() {
  local file pattern='^deb +(\[[^]]*\] +)?([^ ]+) +([^ ]+) +(.*)$'
  local stanza='Types: deb\nURIs: \2\nSuites: \3\nComponents: \4\n'
  for file in "$@"; do
    case $file in
      *.sources) [[ ! -e $file ]] || cat "$file" ;;
      *.list) [[ ! -e $file ]] || sed -nE "s|$pattern|$stanza|p" "$file" ;;
    esac
    echo
  done
}

# Downloads the newest kernel of flavour $1, such as cloud-amd64. A mirror may list one that it does not have: then the
# next one.
apt_download_kernel() {
  local package
  mkdir -p archives
  for package in $(apt-cache "${apt_options[@]}" pkgnames linux-image- |
    grep -E "^linux-image-[0-9][^-]*(-[0-9]+)?-$1\$" | sort --version-sort --reverse); do
    (cd archives && apt-get "${apt_options[@]}" download "$package") && return
  done
  echo "there is no kernel $1 among Debian's packages that can be had" >&2
  return 1
}

# Unpacks what was downloaded, and the packages from $2 on, into directory $1.
apt_unpack() {
  local directory=$1 package
  shift
  mkdir -p "$directory" archives
  (cd archives && apt-get "${apt_options[@]}" download "$@")
  for package in archives/*.deb; do
    dpkg-deb --extract "$package" "$directory"
  done
}
