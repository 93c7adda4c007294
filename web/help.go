package web

func (s *Server) helpRoutes() {}
